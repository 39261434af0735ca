// Says which files import themselves by a detour, and which packages depend on themselves. A step of
// `npm run check`.
import { repository } from '../config.ts'
import { findCircles } from './find-circles.ts'
import { fileGraph, packageGraph } from './import-graph.ts'

const circles = [...findCircles(packageGraph(repository)), ...findCircles(fileGraph(repository))]
for (const circle of circles) process.stdout.write(`${circle.join('\n  → ')}\n\n`)
process.exitCode = circles.length > 0 ? 1 : 0
