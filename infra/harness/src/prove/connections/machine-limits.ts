import { readFileSync } from 'node:fs'

/** What the machine allows, and what is too little for so many connections: a line each. */
export function findMissing(connections: number, processes: number, clients: number): string[] {
  const files = openFiles()
  const ports = portsOfAnAddress()
  const backlog = kernel('net/core/somaxconn')
  // The kernel spreads them unevenly while processes wait for a core.
  const eachGateway = Math.ceil((connections / processes) * (processes === 1 ? 1 : 2))
  const eachClient = Math.ceil(connections / clients)
  const missing: string[] = []
  if (eachGateway + 500 > files)
    missing.push(
      `a gateway process may open ${files} files, and needs ${eachGateway + 500}: more --processes`,
    )
  if (eachClient + 500 > files)
    missing.push(`a client process may open ${files} files, and needs ${eachClient + 500}: more --clients`)
  if (eachClient > ports)
    missing.push(`an address has ${ports} ports (ip_local_port_range), a client needs ${eachClient}`)
  if (backlog < 1024) missing.push(`net.core.somaxconn is ${backlog}: bursts of new connections wait`)
  return missing
}

/** For the report. */
export function describeLimits(): string {
  return `${openFiles()} files a process, ${portsOfAnAddress()} ports an address, somaxconn ${kernel('net/core/somaxconn')}`
}

function openFiles(): number {
  const { userLimits } = process.report.getReport() as unknown as {
    userLimits: { open_files: { soft: number | 'unlimited' } }
  }
  const { soft } = userLimits.open_files
  return soft === 'unlimited' ? Number.POSITIVE_INFINITY : Number(soft)
}

function portsOfAnAddress(): number {
  const [first = 32_768, last = 60_999] = text('net/ipv4/ip_local_port_range').split(/\s+/).map(Number)
  return last - first + 1
}

function kernel(name: string): number {
  return Number(text(name))
}

/** Linux alone has these; elsewhere nothing is known to be too little. */
function text(name: string): string {
  try {
    return readFileSync(`/proc/sys/${name}`, 'utf8').trim()
  } catch {
    return ''
  }
}
