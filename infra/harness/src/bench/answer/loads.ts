/** How busy the systems are: as busy as they can be, at a rate, or not at all. */
export const loadNames = ['saturation', '800/s', '100/s', 'idle'] as const
export type LoadName = (typeof loadNames)[number]
/** Those that have answers. */
export type BusyLoad = Exclude<LoadName, 'idle'>

/** Updates a second; undefined as many as are answered. */
export const ratesOf: Readonly<Record<BusyLoad, number | undefined>> = {
  saturation: undefined,
  '800/s': 800,
  '100/s': 100,
}
