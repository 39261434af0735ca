/**
 * What went wrong, for a person. A shard that seems to be away may have said why: what its server could not reach itself comes as a
 * broken connection too. libpq quotes parts of an address that it does not understand.
 */
export function describeTrouble(error: unknown): string {
  const { code, message, cause } = error as Error & { code?: unknown }
  const said = code === 'SHD_UNAVAILABLE' && cause instanceof Error ? `${message} (${cause.message})` : message
  return said.replaceAll(/password='?[^' ]*'?/g, 'password=…')
}
