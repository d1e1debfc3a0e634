/**
 * Opens native code as a test file is loaded: opened in a test, it would count as what that test left open. For test files
 * that compute with tensors or train on the built-in dataset; `helpers.ts` has it.
 *
 * @module
 */
import "../src/data/builtin/builtin.ts";
import { pixels } from "../src/ffi/pixels.ts";
import { liveTensors } from "../src/tensor/scope.ts";

liveTensors();
pixels();
