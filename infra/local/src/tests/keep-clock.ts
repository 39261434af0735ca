// Loaded into every process of tests: fails it when its tests leave the clock or a timer replaced, because
// the other files of the same process would run with it. It happens when one test mocks the same method
// twice: Node restores the mocks in the order they were made, so the last one puts the first mock back.
const read = {
  Date: () => globalThis.Date,
  'Date.now': () => Date.now,
  'performance.now': () => performance.now,
  setTimeout: () => setTimeout,
  setInterval: () => setInterval,
  setImmediate: () => setImmediate,
}
const before = Object.entries(read).map(([name, get]) => ({ name, get, value: get() as unknown }))

process.once('exit', () => {
  const replaced = before.filter(({ get, value }) => get() !== value).map(({ name }) => name)
  if (replaced.length === 0) return
  process.stderr.write(
    `A test left ${replaced.join(', ')} replaced. Mock it once in a test, and change what the mock does.\n`,
  )
  process.exitCode = 1
})
