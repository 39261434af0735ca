import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { repository } from '@botyard/local-infra'
import { mustRun, type ProgramResult, runProgram } from '../../shared/run-program.ts'

/** Builds images by buildah and runs them by podman and runc, which need no service of theirs. */
export interface Engine {
  /** Builds a Dockerfile of the repository; what is behind `secrets` can be read by its steps alone. */
  build(dockerfile: string, options: BuildOptions): Promise<void>
  /** `podman` with these arguments, to a successful end. */
  podman(...args: readonly string[]): Promise<string>
  /** The same, however it ends. */
  tryPodman(...args: readonly string[]): Promise<ProgramResult>
  /** Ends and removes all containers and images. */
  close(): void
}

export interface BuildOptions {
  readonly image: string
  /** Below the repository; default the repository itself. */
  readonly context?: string
  /** Files by the name that the Dockerfile's mounts give them. */
  readonly secrets?: Readonly<Record<string, string>>
}

/** An engine with a folder of its own, which is gone after `close`. */
export function createEngine(): Engine {
  // Podman refuses a path of more than 50 characters here.
  const folder = mkdtempSync(join(tmpdir(), 'by-'))
  const images = join(folder, 'images')
  const store = ['--root', images, '--runroot', join(folder, 'run')]
  const runtime = ['--runtime', 'runc']
  const podman = (...args: readonly string[]) => mustRun('podman', [...store, ...runtime, ...args])

  function close(): void {
    process.off('exit', close)
    spawnSync('podman', [...store, ...runtime, 'rm', '--force', '--all', '--time', '0'], { stdio: 'ignore' })
    spawnSync('buildah', [...store, 'rm', '--all'], { stdio: 'ignore' })
    // The driver leaves its folder mounted upon itself.
    spawnSync('umount', [join(images, 'overlay')], { stdio: 'ignore' })
    rmSync(folder, { recursive: true, force: true })
  }
  // Containers are no children of ours, and would live on.
  process.on('exit', close)

  return {
    async build(dockerfile, { image, context = '.', secrets = {} }) {
      const files = Object.entries(secrets).flatMap(([id, src]) => ['--secret', `id=${id},src=${src}`])
      // Isolated like this a build needs no rights that this machine may not give.
      const how = ['--isolation', 'chroot', '--format', 'docker', '--pull-never', '--layers=false']
      const args = [...store, 'bud', ...how, ...files, '--file', dockerfile, '--tag', image, context]
      await mustRun('buildah', args, { cwd: repository })
    },
    podman,
    tryPodman: (...args) => runProgram('podman', [...store, ...runtime, ...args]),
    close,
  }
}
