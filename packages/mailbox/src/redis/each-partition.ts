/** Does something for each partition, all at once; resolves to the answers in the partitions' order. */
export function eachPartition<T>(partitions: number, act: (partition: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: partitions }, (_, partition) => act(partition)))
}
