import { startRedis, type TestRedis } from './redis.ts'

let users = 0
let server: Promise<TestRedis> | undefined

/**
 * The Redis that all tests of this process running at the moment share, each under keys of its own; the first
 * one starts it (empty) and the last one, by `t.after`, stops it.
 */
export async function sharedRedis(t: { after(hook: () => Promise<void>): void }): Promise<TestRedis> {
  users++
  server ??= startRedis()
  const mine = server
  t.after(async () => {
    if (--users > 0) return
    server = undefined
    await (await mine).stop()
  })
  return mine
}
