import { delaysOf } from '../simulator/definition.ts'

/** "Immediately, then less often over 36 hours": Meta's pages name no numbers, these are of its kind. */
export const metaDelays = delaysOf(0, 15, 60, 300, 900, 1_800, 3_600, 7_200, 14_400, 28_800, 57_600)
