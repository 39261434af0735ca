/** Rows of one statement: a fraction of a second, also where rows lie out of line or are on slow disks. */
const batchRows = 1_000

/**
 * Deletes in statements of `limit` rows until one finds fewer: the control database ends a statement after
 * five seconds, and one that deletes all there is would end so at every attempt. Answers how many went.
 */
export async function deleteInBatches(deleteBatch: (limit: number) => Promise<number>): Promise<number> {
  for (let rows = 0; ; ) {
    const deleted = await deleteBatch(batchRows)
    rows += deleted
    if (deleted < batchRows) return rows
  }
}
