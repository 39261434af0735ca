/**
 * Names one write of one update, the same in every run of its handler: a second run is recognised by it, even
 * if other writes came in between. Two writes of an update have different names.
 */
export interface WriteId {
  /** The update's keyed name, 16 bytes. */
  readonly update: Buffer
  /** Such as `user#1`: the thing written, and the number of the write within its handler. */
  readonly name: string
}
