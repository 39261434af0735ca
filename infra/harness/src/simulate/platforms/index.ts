import { platformFactories } from '@botyard/platform-simulators'
import type { SimulatedPlatform } from './platform.ts'
import { simulatedPlatform } from './simulated-platform.ts'
import { telegram } from './telegram/telegram.ts'

const others = Object.entries(platformFactories).map(([name, factory]) => simulatedPlatform(name, factory))

/** The platforms that `--platform` knows. */
export const platforms: Readonly<Record<string, SimulatedPlatform>> = Object.fromEntries(
  [telegram, ...others].map(platform => [platform.name, platform]),
)
