// npm run check: format, lint, types, boundaries, circles, shape of apps, names of packages, lengths, unused
// code, pages, upgrading. Says what failed, and how to mend it.
import { delimiter, join } from 'node:path'
import { inheritedEnvironment, repository } from '../config.ts'
import { runToEnd } from '../processes/run-to-end.ts'
import { createTerminal } from '../screen/terminal.ts'

const bin = join(repository, 'node_modules', '.bin')
const tool = (name: string) => join(bin, name)

const steps: readonly { label: string; command: string[]; mend: string }[] = [
  {
    label: 'Format and lint',
    command: [tool('biome'), 'ci', '--error-on-warnings', '--max-diagnostics=100', '--colors=off'],
    mend: 'npx biome check --write',
  },
  {
    label: 'Types',
    // One program instead of one a package: it reads every file once, 12 s of processor time instead of 70.
    command: [
      tool('tsc'),
      '-p',
      join(import.meta.dirname, '../../tsconfig.everything.json'),
      '--pretty',
      'false',
    ],
    mend: 'npx tsc -p infra/local/tsconfig.everything.json',
  },
  {
    label: 'Package boundaries',
    command: [tool('turbo'), 'boundaries'],
    mend: 'turbo.json says which may use which',
  },
  {
    label: 'Import circles',
    command: [process.execPath, join(import.meta.dirname, '../checks/check-circles.ts')],
    mend: 'give what both files need a file of its own',
  },
  {
    label: 'Unheard errors',
    command: [process.execPath, join(import.meta.dirname, '../checks/check-unheard.ts')],
    mend: 'add the listener or catch, or say why it "never throws" or "never rejects" in a comment just above',
  },
  {
    label: 'Shape of apps',
    command: [process.execPath, join(import.meta.dirname, '../checks/check-apps.ts')],
    mend: 'apps/*/src has server, app, config, errors, metrics, plugins/ and routes/; plugins close what they open',
  },
  {
    label: 'Length of lines and files',
    command: [process.execPath, join(import.meta.dirname, '../checks/check-lengths.ts')],
    mend: 'break the line (110 columns), or give each concept of the file (250 lines) a file of its own',
  },
  {
    label: 'Names of packages',
    command: [process.execPath, join(import.meta.dirname, '../checks/check-packages.ts')],
    mend: 'export what others use, or give a part that has its own users a path in "exports"',
  },
  {
    label: 'Upgrading',
    command: [process.execPath, join(import.meta.dirname, '../checks/check-upgrading.ts')],
    mend: 'tell it in the newest entry of docs/UPGRADING.md, for those who run the release before',
  },
  {
    label: 'Unused code',
    command: [tool('knip'), '--no-config-hints'],
    mend: 'delete it, or name its entry in knip.json',
  },
  {
    label: 'Generated pages',
    command: [process.execPath, join(import.meta.dirname, '../docs/generate-docs.ts'), '--check'],
    mend: 'npm run docs',
  },
]

const terminal = createTerminal()
const env = {
  ...inheritedEnvironment,
  PATH: `${bin}${delimiter}${inheritedEnvironment.PATH}`,
  TURBO_TELEMETRY_DISABLED: '1',
  NO_UPDATE_NOTIFIER: '1',
}

let failures = 0
for (const { label, command, mend } of steps) {
  const [program, ...args] = command
  const result = await terminal
    .step(label, async () => {
      const { code, stdout, stderr } = await runToEnd(program!, args, { cwd: repository, env })
      if (code !== 0) throw new Error(`${stdout}${stderr}`.trim())
    })
    .catch((error: Error) => error)
  if (!(result instanceof Error)) continue
  failures++
  terminal.line(`\n${result.message}\n\n  ${terminal.bold('To mend it:')} ${mend}\n`)
}
process.exitCode = failures > 0 ? 1 : 0
