/** Slots of a Redis Cluster. */
export const slotCount = 16_384

/** The slot of a key in a Redis Cluster: CRC-16 (XMODEM) of its hash tag if it has one, else of all of it. */
export function hashSlot(key: string): number {
  const [, tag] = /^[^{]*\{([^}]+)\}/.exec(key) ?? []
  let crc = 0
  for (const byte of Buffer.from(tag ?? key)) {
    crc ^= byte << 8
    for (let bit = 0; bit < 8; bit++) crc = (crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1) & 0xffff
  }
  return crc % slotCount
}
