import { createMessageReader } from '../../shared/http-messages.ts'

const bodyless = /^HTTP\/1\.1 (?:204|304) /
const statusOffset = 'HTTP/1.1 '.length

/** Tells the status of each answer on a connection; returns a function to push received bytes into. */
export function createResponseParser(onResponse: (status: number) => void): (bytes: Buffer) => void {
  return createMessageReader(bodyless, head => onResponse(Number(head.slice(statusOffset, statusOffset + 3))))
}
