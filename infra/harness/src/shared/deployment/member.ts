import type { ProcessExit, TestProcess } from '@botyard/testkit'
import type { AppName, Installation, Place } from '../installation.ts'

/** One process of an app, whose place another one takes when it ends. */
export interface Member extends Place {
  /** `worker-2`. */
  readonly name: string
  /** The process that runs now, or ran last. */
  readonly process: TestProcess
  /** How often it was started. */
  readonly starts: number
  /** Starts another one in the place of one that has ended; resolves when it is ready. */
  start(): Promise<void>
  /** Ends it by a signal, SIGTERM unless given, and starts another one. */
  replace(signal?: NodeJS.Signals): Promise<ProcessExit>
}

/** Starts a member at a place of its own, and resolves when it is ready. */
export async function startMember(
  installation: Pick<Installation, 'place' | 'start'>,
  app: AppName,
  number: number,
): Promise<Member> {
  const place = await installation.place(app)
  let instance = await installation.start(place)
  let starts = 1
  const member: Member = {
    ...place,
    name: `${app}-${number}`,
    get process() {
      return instance.process
    },
    get starts() {
      return starts
    },
    async start() {
      instance = await installation.start(place)
      starts++
    },
    async replace(signal = 'SIGTERM') {
      const exit = await instance.process.kill(signal)
      await member.start()
      return exit
    },
  }
  return member
}
