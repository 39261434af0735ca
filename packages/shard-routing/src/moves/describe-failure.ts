/**
 * Describes an error to a person. A shard that seems to be away may have said why: a server that cannot reach
 * another one reports a broken connection too. Passwords are cut out, because libpq quotes parts of an
 * address that it does not understand.
 */
export function describeFailure(error: unknown): string {
  const { code, message, cause } = error as Error & { code?: unknown }
  const said =
    code === 'SHD_UNAVAILABLE' && cause instanceof Error ? `${message} (${cause.message})` : message
  return said.replaceAll(/password='?[^' ]*'?/g, 'password=…')
}
