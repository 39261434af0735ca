import { choices, text } from '../../shared/options.ts'
import { defineScenario } from '../../shared/scenario.ts'
import { apps } from './contained-system.ts'
import { megabytes, runContainers } from './run-containers.ts'

/** `npm run prove -- containers` */
export const containers = defineScenario({
  summary:
    'builds the image of each app by buildah, looks for what does not belong into it, and runs all of them, confined, by podman.',
  clean: 'every image is small, holds what runs and nothing else, and its container behaves.',
  options: {
    apps: choices('the images to build; only all of them are run as a system', { of: apps, all: 'all' }),
    folder: text('where the base is kept for the next run', { default: '' }),
  },
  notes:
    'Needs Linux, root and Debian’s buildah, podman, runc and debootstrap. The base is a stand-in for the official image.',
  async run({ apps, folder }, { say, directory }) {
    const { base, images, checks, problems } = await runContainers({ apps, folder: folder || directory }, say)
    const rows = images.map(({ app, seconds, bytesOverBase, packages }) => [
      app,
      megabytes(bytesOverBase),
      packages.length,
      seconds,
    ])
    return {
      table: { head: ['image', `MB over ${base}`, 'packages', 'seconds to build'], rows },
      ...{ problems, facts: { base, images, checks } },
    }
  },
})
