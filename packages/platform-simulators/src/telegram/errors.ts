import type { ApiError } from '@grammyjs/types'

/** An answer of the Bot API that says no; also thrown by the methods. */
export class BotApiError extends Error {
  static readonly code = 'SIM_BOT_API_ERROR'
  readonly code = BotApiError.code
  readonly answer: ApiError

  constructor(errorCode: number, description: string, parameters?: ApiError['parameters']) {
    super(description)
    this.answer = { ok: false, error_code: errorCode, description, ...(parameters ? { parameters } : {}) }
  }
}
