import type { SimulatedPlatform } from './platform.ts'
import { telegram } from './telegram/telegram.ts'

/** The platforms that `--platform` knows. */
export const platforms: Readonly<Record<string, SimulatedPlatform>> = { telegram }
