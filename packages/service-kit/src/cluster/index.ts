export { forkProcesses } from './fork-processes.ts'
export { processCount, processesConfig, shareOf } from './process-count.ts'
