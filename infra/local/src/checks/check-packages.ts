// Says which packages export more than a reader takes in. A step of `npm run check`.
import { repository } from '../config.ts'
import { findCrowdedPackages } from './find-crowded-packages.ts'

const faults = findCrowdedPackages(repository)
for (const fault of faults) process.stdout.write(`${fault}\n`)
process.exitCode = faults.length > 0 ? 1 : 0
