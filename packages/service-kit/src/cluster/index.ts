export { forkProcesses } from './fork-processes.ts'
export { processCount, shareOf } from './process-count.ts'
