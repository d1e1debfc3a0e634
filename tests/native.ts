/**
 * Opens the native libraries as a test file is loaded: opened at the first call in a test, it would count as what that test
 * left open. For test files that compute with tensors; `helpers.ts` has it.
 *
 * @module
 */
import { pixels } from "../src/data/pixels/library.ts";
import { liveTensors } from "../src/tensor/scope.ts";

liveTensors();
pixels();
