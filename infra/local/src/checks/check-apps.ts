// Says which apps are not of the one shape that all have. A step of `npm run check`.
import { repository } from '../config.ts'
import { findMisshapenApps } from './find-misshapen-apps.ts'

const faults = findMisshapenApps(repository)
for (const fault of faults) process.stdout.write(`${fault}\n`)
process.exitCode = faults.length > 0 ? 1 : 0
