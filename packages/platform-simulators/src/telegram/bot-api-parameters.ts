import type { IncomingMessage } from 'node:http'

/** The parameters of a Bot API call, as the client spelled them: JSON keeps its types, forms hold strings. */
export type BotApiParameters = Record<string, unknown>

/**
 * Reads a call's parameters from url query and body (JSON, url-encoded or multipart form, as the real server
 * does); throws on other bodies.
 */
export async function readParameters(
  request: IncomingMessage,
  query: URLSearchParams,
): Promise<BotApiParameters> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  const body = Buffer.concat(chunks)
  return { ...Object.fromEntries(query), ...(await parse(body, request.headers['content-type'] ?? '')) }
}

async function parse(body: Buffer, contentType: string): Promise<BotApiParameters> {
  if (body.length === 0) return {}
  const mediaType = contentType.split(';', 1)[0]!.trim().toLowerCase()
  if (mediaType === 'application/json') {
    const parameters: unknown = JSON.parse(body.toString('utf8'))
    if (typeof parameters !== 'object' || parameters === null || Array.isArray(parameters))
      throw new SyntaxError()
    return parameters as BotApiParameters
  }
  if (mediaType === 'application/x-www-form-urlencoded' || mediaType === 'multipart/form-data') {
    // A small file's worth of memory is fine here, and the platform's parser knows every corner of multipart.
    const form = await new Response(new Uint8Array(body), {
      headers: { 'content-type': contentType },
    }).formData()
    return Object.fromEntries(form)
  }
  return {} // The real server ignores what it does not know, and then misses the parameters.
}
