import { execFile } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Board } from '@botyard/monitoring'
import type { Span } from './ask-prometheus.ts'
import type { FilledPanel } from './filled-panel.ts'

const [width, height] = [480, 150]
const colours = ['#3274d9', '#e0752d', '#3f9142', '#a352cc', '#c4162a', '#8a8a00', '#00808a', '#705da0']
const maxLegend = 8

/**
 * Draws what a board shows, plainly, as a page; and as a picture where Chromium is installed. Returns the
 * file.
 */
export async function drawBoard(
  board: Board,
  panels: readonly FilledPanel[],
  span: Span,
  directory: string,
): Promise<string> {
  mkdirSync(directory, { recursive: true })
  const page = join(directory, `${board.uid}.html`)
  const picture = join(directory, `${board.uid}.png`)
  writeFileSync(page, html(board, panels, span))
  const rows = Math.ceil(panels.length / 3)
  const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking']
  const shot = [`--screenshot=${picture}`, `--window-size=1560,${80 + rows * 225}`, `file://${page}`]
  return promisify(execFile)('chromium', ['--headless=new', ...flags, ...shot], { timeout: 60_000 }).then(
    () => picture,
    () => page,
  )
}

function html({ title, description }: Board, panels: readonly FilledPanel[], span: Span): string {
  return `<!doctype html><meta charset="utf-8"><title>${asText(title)}</title>
<style>
body { font: 13px sans-serif; margin: 16px; background: #f4f5f5 }
main { display: grid; grid-template-columns: repeat(3, 1fr); gap: 12px }
section { background: #fff; border: 1px solid #ddd; padding: 8px; overflow: hidden }
h3 { margin: 0 0 4px; font-size: 13px } small { color: #666 }
i { display: inline-block; width: 10px; height: 3px; margin: 0 4px 3px 8px }
</style>
<h2>${asText(title)} <small>${asText(description)}</small></h2>
<main>${panels.map(panel => section(panel, span)).join('\n')}</main>
`
}

function section({ panel, series }: FilledPanel, span: Span): string {
  const values = series.flatMap(({ points }) => points.map(([, value]) => value))
  const max = Math.max(...values, 0) || 1
  const lines = series
    .map(({ points }, i) => {
      const at = points.map(
        ([x, y]) =>
          `${(((x - span.from) / (span.to - span.from)) * width).toFixed(1)},${(height - (y / max) * height).toFixed(1)}`,
      )
      return `<polyline fill="none" stroke="${colourOf(i)}" stroke-width="1.5" points="${at.join(' ')}"/>`
    })
    .join('')
  const legend = series
    .slice(0, maxLegend)
    .map(
      ({ labels, points }, i) =>
        `<i style="background:${colourOf(i)}"></i>${asText(nameOf(labels))} ${(points.at(-1)?.[1] ?? 0).toPrecision(3)}`,
    )
    .join('')
  const scale = values.length === 0 ? 'no data' : `up to ${max.toPrecision(3)} ${panel.unit}`
  return `<section><h3>${asText(panel.title)} <small>${scale}</small></h3>
<svg viewBox="0 -2 ${width} ${height + 4}" width="100%" height="${height}" preserveAspectRatio="none">${lines}</svg>
<small>${legend}</small></section>`
}

function colourOf(i: number): string {
  return colours[i % colours.length]!
}

function nameOf({ __name__: _name, ...labels }: Readonly<Record<string, string>>): string {
  return Object.values(labels).join(' ') || 'all'
}

function asText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}
