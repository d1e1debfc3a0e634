"""Classifies features with scikit-learn: prints what it found as JSON."""
import json
import sys

import numpy
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score
from sklearn.neighbors import KNeighborsClassifier

asked = json.loads(sys.argv[1])
train = numpy.load(asked["train"]).astype(numpy.float64)
val = numpy.load(asked["val"]).astype(numpy.float64)
train_labels, val_labels = numpy.array(asked["trainLabels"]), numpy.array(asked["valLabels"])


def unit(rows):
    return rows / numpy.linalg.norm(rows, axis=1, keepdims=True)


def knn(k):
    votes = lambda distances: numpy.exp((1 - distances) / asked["temperature"])
    model = KNeighborsClassifier(k, metric="cosine", algorithm="brute", weights=votes)
    return int((model.fit(train, train_labels).predict(val) == val_labels).sum())


def logistic(c):
    model = LogisticRegression(C=c, solver="newton-cg", tol=1e-12, max_iter=10000)
    model.fit(train, train_labels)
    likely = model.predict_log_proba(train)[numpy.arange(len(train)), train_labels]
    penalty = (model.coef_**2).sum() / (2 * c * len(train))
    right = int((model.predict(val) == val_labels).sum())
    return {"loss": penalty - likely.mean(), "top1": right}


def mean_average_precision():
    similarities = unit(val) @ unit(train).T
    pairs = zip(val_labels, similarities)
    return numpy.mean([average_precision_score(train_labels == own, row) for own, row in pairs])


print(json.dumps({
    "knn": [knn(k) for k in asked["ks"]],
    "logistic": [logistic(c) for c in asked["cs"]],
    "meanAveragePrecision": mean_average_precision(),
}))
