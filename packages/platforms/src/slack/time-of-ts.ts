/** Unix ms of a time as Slack writes it, seconds with six decimals as text; undefined for anything else. */
export function timeOfTs(ts: string | undefined): number | undefined {
  const [, seconds, fraction = ''] = /^(\d{1,11})(?:\.(\d*))?$/.exec(ts ?? '') ?? []
  // By digits: a double would be a millisecond off here and there.
  return seconds === undefined
    ? undefined
    : Number(seconds) * 1000 + Number(fraction.slice(0, 3).padEnd(3, '0'))
}
