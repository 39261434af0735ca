// Whether an app is alive, for a container's health check: exits with 0 if its /live says so. The images have
// no curl. The variable named by the first argument holds the port of the ops routes; the second is its default.
const [variable, standard] = process.argv.slice(2)
const port = process.env[variable] || standard
try {
  const { ok, status } = await fetch(`http://127.0.0.1:${port}/live`, { signal: AbortSignal.timeout(2_500) })
  if (!ok) throw new Error(`/live answers ${status}`)
} catch (error) {
  console.error(error.cause?.message ?? error.message)
  process.exitCode = 1
}
