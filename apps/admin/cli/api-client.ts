import { ApiError, CliUnreachableError } from './errors.ts'

/**
 * The admin API, as its routes are: paths begin behind `/api/v1`. Throws {@link ApiError} or
 * {@link CliUnreachableError}.
 */
export interface ApiClient {
  get<Answer>(path: string): Promise<Answer>
  post<Answer>(path: string, body?: object): Promise<Answer>
  put<Answer>(path: string, body?: object): Promise<Answer>
  patch<Answer>(path: string, body?: object): Promise<Answer>
  delete<Answer>(path: string): Promise<Answer>
}

/** Longer than the admin API takes for any answer that it does not stream. */
const timeoutMs = 60_000

/** Makes a client for the admin API at `url` (without `/api/v1`). */
export function createApiClient({ url, token }: { url: string; token: string }): ApiClient {
  async function call<Answer>(method: string, path: string, body?: object): Promise<Answer> {
    const address = `${url.replace(/\/+$/, '')}/api/v1${path}`
    const answer = await fetch(address, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      signal: AbortSignal.timeout(timeoutMs),
      // The token is for this address only.
      redirect: 'error',
      ...(body !== undefined && { body: JSON.stringify(body) }),
    }).catch(cause => {
      throw new CliUnreachableError(
        `No answer from ${url}: ${reasonOf(cause)}. Does the admin app run there?`,
        {
          cause,
        },
      )
    })
    const text = await answer.text()
    const json = parse(text)
    if (answer.ok && (json !== undefined || text === '')) return json as Answer
    throw new ApiError(answer.status, errorIn(json) ?? badAnswer(url, answer.status))
  }

  return {
    get: path => call('GET', path),
    post: (path, body) => call('POST', path, body),
    put: (path, body) => call('PUT', path, body),
    patch: (path, body) => call('PATCH', path, body),
    delete: path => call('DELETE', path),
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function errorIn(json: unknown): { code: string; message: string; path?: string } | undefined {
  const { error } = (json ?? {}) as { error?: { code?: unknown; message?: unknown } }
  if (typeof error?.code !== 'string' || typeof error.message !== 'string') return undefined
  return error as { code: string; message: string; path?: string }
}

function badAnswer(url: string, status: number) {
  return {
    code: ApiError.badAnswer,
    message: `What answers at ${url} (status ${status}) is no admin API: check the url`,
  }
}

/** fetch hides why in the causes of its error. */
function reasonOf(error: Error & { cause?: { code?: string } }): string {
  return error.cause?.code ?? error.message
}
