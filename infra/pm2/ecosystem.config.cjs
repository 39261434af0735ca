// PM2 (7) for those who prefer it to PROCESSES and systemd: `pm2 start infra/pm2/ecosystem.config.cjs`, with the
// settings of docs/configuration.md in the environment, and `pm2 reload gateway` after an update. PM2 must run on
// Node 24, which its processes then run on. docs/scaling.md says more; `npm run prove -- pm2` tries it.
const { join } = require('node:path')

const root = join(__dirname, '..', '..')

/** How PM2 ends, renews and restarts each of them. */
const common = {
  cwd: root,
  // PM2 takes .ts for another program's.
  interpreter: 'node',
  // A new process takes over when it says that it is ready, and not just listens.
  wait_ready: true,
  listen_timeout: 60_000,
  // EX_CONFIG: another start would end the same way.
  stop_exit_codes: [78],
  exp_backoff_restart_delay: 250,
  autorestart: true,
}

module.exports = {
  apps: [
    {
      ...common,
      name: 'gateway',
      script: join(root, 'apps/ingest-gateway/src/server.ts'),
      node_args: ['--max-semi-space-size=16'],
      // PM2 is the primary here: it holds the socket, and renews the processes one by one.
      exec_mode: 'cluster',
      instances: process.env.GATEWAY_INSTANCES || 'max',
      // Longer than a gateway takes to close (10 s).
      kill_timeout: 15_000,
      // Each instance has an ops port of its own, from this one up: Prometheus asks each.
      increment_var: 'GATEWAY_OPS_PORT',
      env: { PROCESSES: '1', GATEWAY_OPS_PORT: process.env.GATEWAY_OPS_PORT || '9110' },
    },
    {
      ...common,
      name: 'worker',
      script: join(root, 'apps/worker/src/server.ts'),
      node_args: ['--min-semi-space-size=32', '--max-semi-space-size=32'],
      exec_mode: 'cluster',
      instances: process.env.WORKER_INSTANCES || 'max',
      // Longer than SHUTDOWN_GRACE_MS and 10 s.
      kill_timeout: Number(process.env.SHUTDOWN_GRACE_MS || 15_000) + 15_000,
      increment_var: 'WORKER_OPS_PORT',
      env: { PROCESSES: '1', WORKER_OPS_PORT: process.env.WORKER_OPS_PORT || '9150' },
    },
    {
      ...common,
      name: 'admin',
      script: join(root, 'apps/admin/src/server.ts'),
      exec_mode: 'cluster',
      instances: 1,
      kill_timeout: 15_000,
    },
  ],
}
