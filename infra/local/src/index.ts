// What other tools may know of the local stack: where it lies, and how to read what it tells.
export { type ProgramName, readAppSchema, readAppVariables } from './apps/app-variables.ts'
export { nodeOptions } from './apps/node-options.ts'
export { type PreviousRelease, readPreviousRelease } from './checks/upgrading/previous-release.ts'
export { readVersions } from './checks/upgrading/read-versions.ts'
export { exampleBots, readBotyardDir, repository } from './config.ts'
export { MetricsPage } from './screen/metrics-page.ts'
export { type RunFile, readRunFile } from './state/run-file.ts'
export { packagesOf, type Sbom, sbomOf } from './supply-chain/sbom.ts'
