// Says that it loads, and is loaded when it is told to be.
const channel = new BroadcastChannel('slow')
const told = new Promise(resolve => {
  channel.onmessage = resolve
})
channel.postMessage('loading')
await told
channel.close()

export default function slow(): string {
  return 'loaded'
}
