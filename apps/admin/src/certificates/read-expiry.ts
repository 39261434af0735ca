import { connect } from 'node:tls'

/** Where a certificate is shown. */
export interface TlsAddress {
  readonly host: string
  readonly port: number
}

const timeoutMs = 5_000

/**
 * When the certificate ends that a server shows now, in ms. Nothing is sent and nobody is trusted: also one
 * that is expired or of a private authority is read. Rejects when there is no answer.
 */
export function readExpiry({ host, port }: TlsAddress): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, servername: nameOf(host), rejectUnauthorized: false })
    socket.setTimeout(timeoutMs, () => socket.destroy(new Error('no TLS answer')))
    socket.on('error', reject)
    // Never throws: a TLS server has shown its certificate by then.
    socket.on('secureConnect', () => {
      resolve(Date.parse(socket.getPeerCertificate().valid_to))
      socket.destroy()
    })
  })
}

/** An address of numbers is no server name. */
function nameOf(host: string): string {
  return /^[\d.]+$|:/.test(host) ? '' : host
}
