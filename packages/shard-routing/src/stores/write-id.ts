/**
 * Names one write of one update, the same in every run of its handler: a second run is recognised by it, whatever has been
 * written in between. Two writes of an update have different names.
 */
export interface WriteId {
  /** The update's keyed name, 16 bytes. */
  readonly update: Buffer
  /** Such as `user#1`: what is written, and the how manieth write of the handler it is. */
  readonly name: string
}
