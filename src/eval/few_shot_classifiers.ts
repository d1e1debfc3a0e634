/** What can classify images after a few examples: the nearest neighbours, or logistic regression. */
export const fewShotClassifiers = ["knn", "logreg"] as const;

/** One of {@linkcode fewShotClassifiers}. */
export type FewShotClassifier = typeof fewShotClassifiers[number];
