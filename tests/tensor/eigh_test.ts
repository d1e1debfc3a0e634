import { assertEquals } from "@std/assert";
import { tensor } from "../../src/tensor/create.ts";
import { eigh } from "../../src/tensor/eigh.ts";
import { assertClose, testTensor } from "../helpers.ts";

testTensor(
  "a symmetric matrix is that of its eigenvalues, ascending, and orthogonal eigenvectors",
  () => {
    const symmetric = tensor([[2, 1, 0], [1, 3, -1], [0, -1, 1]], { dtype: "float64" });
    const { eigenvalues, eigenvectors } = eigh(symmetric);
    const product = eigenvectors.mul(eigenvalues).matmul(eigenvectors.t());
    assertClose(product, symmetric, { atol: 1e-12 });
    const identity = tensor([[1, 0, 0], [0, 1, 0], [0, 0, 1]], { dtype: "float64" });
    assertClose(eigenvectors.t().matmul(eigenvectors), identity, { atol: 1e-12 });
    const values = eigenvalues.toList() as number[];
    assertEquals(values, values.toSorted((a, b) => a - b));
  },
);

testTensor("of a matrix only the lower triangle is read", () => {
  assertClose(eigh(tensor([[2, 9], [0, 3]])).eigenvalues, tensor([2, 3]));
});
