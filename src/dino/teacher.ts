import * as ops from "../ffi/ops.gen.ts";
import { noGrad } from "../autograd/mode.ts";
import { recordFunction } from "../tensor/profiler.ts";

/**
 * Updates the EMA teacher: `teacher = m teacher + (1 - m) student`, over all parameters at once.
 *
 * @param teacher Packed parameters of the teacher.
 * @param student Packed parameters of the student, in the same order.
 * @param momentum m, near 1.
 */
export function updateTeacher(
  teacher: BigUint64Array,
  student: BigUint64Array,
  momentum: number,
): void {
  recordFunction(
    "EMA teacher",
    () => noGrad(() => ops._foreachLerp_Scalar(teacher, student, 1 - momentum)),
  );
}
