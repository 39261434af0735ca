import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { repository } from '@botyard/local-infra'
import { UsageError } from './errors.ts'
import { botsFolder, stateFolder } from './paths.ts'

const run = promisify(execFile)
/**
 * The root of this repository as it was at a commit, installed; the first time takes a minute or two. Its
 * bots are those of now, so that both builds run the same. Files of the commit alone: a worktree would stay
 * known to git.
 */
export async function prepareRelease(
  ref: string,
  { bots, say }: { bots: string; say: (line: string) => void },
): Promise<string> {
  const commit = await commitOf(ref)
  const releases = join(stateFolder(), 'releases')
  const root = join(releases, commit)
  await mkdir(releases, { recursive: true })
  const draft = await mkdtemp(join(releases, 'draft-'))
  try {
    await git('archive', `--output=${join(draft, 'all.tar')}`, commit)
    await mkdir(join(draft, 'root'))
    await run('tar', ['-xf', join(draft, 'all.tar'), '-C', join(draft, 'root')])
    // Somebody was here before, perhaps just now: what is installed is not installed again.
    await rename(join(draft, 'root'), root).catch(() => {})
  } finally {
    await rm(draft, { recursive: true })
  }
  say(`Botyard of ${ref} (${commit.slice(0, 8)}) lies in ${root}.`)
  await cp(botsFolder(bots), botsFolder(bots, root), { recursive: true })
  await run(process.execPath, [join('infra', 'local', 'bootstrap.mjs'), 'bench', '--help'], { cwd: root })
  return root
}

async function commitOf(ref: string): Promise<string> {
  return await git('rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`).catch(cause => {
    throw new UsageError(`--release takes what git knows as a commit of this repository, not '${ref}'`, {
      cause,
    })
  })
}

async function git(...args: readonly string[]): Promise<string> {
  return (await run('git', ['-C', repository, ...args])).stdout.trim()
}
