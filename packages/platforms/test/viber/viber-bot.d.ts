/**
 * The check of signatures in Viber's SDK, which has no types; its main module would start a server's worth of
 * code.
 */
declare module 'viber-bot/lib/message/message-validator.js' {
  export default class MessageValidator {
    constructor(logger: { debug(): void }, authToken: string)
    validateMessage(signature: string, body: Uint8Array): boolean
  }
}
