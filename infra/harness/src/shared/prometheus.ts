import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { repository } from '@botyard/local-infra'
import { freePort, startChild, untilTrue } from '@botyard/testkit'
import type { Member } from './deployment/member.ts'

/** A real Prometheus with the rules of `infra/monitoring`, which looks each second. */
export interface RunningPrometheus {
  readonly url: string
  /** The names of the alerts that fire now. */
  firing(): Promise<string[]>
  stop(): Promise<void>
}

const rules = join(repository, 'infra', 'monitoring', 'prometheus', 'rules', '*.yml')

/**
 * Starts it on the ops ports of these processes; `directory` takes its data. Throws if it is not installed.
 */
export async function startPrometheus(
  members: readonly Member[],
  directory: string,
): Promise<RunningPrometheus> {
  const port = await freePort()
  const jobs = members.map(({ name, opsPort }) => ({
    job_name: name,
    static_configs: [{ targets: [`127.0.0.1:${opsPort}`] }],
  }))
  const config = {
    global: { scrape_interval: '1s', evaluation_interval: '1s' },
    rule_files: [rules],
    scrape_configs: jobs,
  }
  mkdirSync(directory, { recursive: true })
  const file = join(directory, 'prometheus.yml')
  // JSON is YAML.
  writeFileSync(file, JSON.stringify(config))
  const server = await startChild('prometheus', [
    `--config.file=${file}`,
    `--storage.tsdb.path=${join(directory, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
  ])
  const url = `http://127.0.0.1:${port}`
  await untilTrue(async () => (await fetch(`${url}/-/ready`)).ok, 'Prometheus to be ready')
  return {
    url,
    async firing() {
      const answer = await fetch(`${url}/api/v1/alerts`)
      const { data } = (await answer.json()) as {
        data: { alerts: { state: string; labels: { alertname: string } }[] }
      }
      return data.alerts.filter(({ state }) => state === 'firing').map(({ labels }) => labels.alertname)
    },
    stop: async () => void (await server.kill('SIGTERM')),
  }
}
