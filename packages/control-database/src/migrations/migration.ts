import type { ControlDatabase } from '../database/control-database.ts'

/** One step of the control database's schema. Forward only: a step that has been released is never edited. */
export interface Migration {
  /** 1, 2, 3 …, without gaps. */
  readonly version: number
  readonly name: string
  /** Runs inside one transaction; must leave the schema readable to the build before. */
  up(trx: ControlDatabase): Promise<void>
}
