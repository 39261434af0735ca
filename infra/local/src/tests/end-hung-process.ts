// Loaded into every process of tests: ends it when it is still there `ms` after its start. A test that timed
// out, or a server that was left open, would otherwise keep the process, and all of `npm test`, for ever.
const ms = Number(new URL(import.meta.url).searchParams.get('ms'))
setTimeout(() => {
  const open = process.getActiveResourcesInfo().join(', ')
  process.stderr.write(
    `Tests ended after ${ms} ms: their process did not end by itself. Still open: ${open}\n`,
  )
  process.exit(1)
}, ms).unref()
