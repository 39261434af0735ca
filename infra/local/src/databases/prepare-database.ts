import { Client } from 'pg'

/** The role that the apps use: it owns what is theirs and may do nothing else. */
export const appsRole = 'botyard_app'

/** A database of the stack, and whom the apps are to it. */
export interface DatabaseOptions {
  /** A superuser's, to another database of the server. */
  readonly adminUrl: string
  /** The same, to the database itself once there is one. */
  readonly ownUrl: string
  readonly database: string
  readonly password: string
  /** Users are moved from and to it by logical replication. */
  readonly replicates: boolean
}

/**
 * Makes database and role, and gives the role all that an older version made as superuser. May be repeated;
 * throws what Postgres says.
 */
export async function prepareDatabase({
  adminUrl,
  ownUrl,
  database,
  password,
  replicates,
}: DatabaseOptions): Promise<void> {
  await connected(adminUrl, async client => {
    const [role, name] = [client.escapeIdentifier(appsRole), client.escapeIdentifier(database)]
    const has = async (sql: string, value: string) => (await client.query(sql, [value])).rowCount !== 0
    if (!(await has('select 1 from pg_roles where rolname = $1', appsRole)))
      await client.query(`create role ${role}`)
    await client.query(
      `alter role ${role} login nosuperuser nocreatedb nocreaterole nobypassrls
        ${replicates ? 'replication' : 'noreplication'} password ${client.escapeLiteral(password)}`,
    )
    if (replicates) {
      // What a move needs: docs/runbooks/move-a-shard.md.
      await client.query(`grant pg_create_subscription to ${role}`)
      await client.query(`grant set on parameter session_replication_role to ${role}`)
    }
    if (!(await has('select 1 from pg_database where datname = $1', database)))
      await client.query(`create database ${name} owner ${role}`)
    await client.query(`alter database ${name} owner to ${role}`)
  })
  await connected(ownUrl, client => client.query(giveAway, [appsRole]).then(giveEach(client)))
}

/**
 * A statement for each table, sequence, view, routine, schema and publication that is another's; what belongs
 * to an extension stays.
 */
const giveAway = `
  with ours as (
    select format('alter %s %s owner to', case relkind when 'S' then 'sequence' when 'v' then 'view'
        when 'm' then 'materialized view' else 'table' end, c.oid::regclass) as change, c.oid, relowner as owner, relnamespace as schema
      from pg_class c where relkind in ('r', 'p', 'v', 'm')
        or relkind = 'S' and not exists (select from pg_depend where objid = c.oid and deptype in ('a', 'i'))
    union all select format('alter routine %s owner to', oid::regprocedure), oid, proowner, pronamespace from pg_proc
  )
  select format('%s %I', change, $1::text) as statement from ours join pg_namespace n on n.oid = ours.schema
    where nspname !~ '^pg_' and nspname <> 'information_schema' and pg_get_userbyid(owner) <> $1
      and not exists (select from pg_depend where objid = ours.oid and deptype = 'e')
  union all select format('alter schema %I owner to %I', nspname, $1::text) from pg_namespace
    where nspname !~ '^pg_' and nspname not in ('information_schema', 'public') and pg_get_userbyid(nspowner) <> $1
  union all select format('alter publication %I owner to %I', pubname, $1::text) from pg_publication
    where pg_get_userbyid(pubowner) <> $1`

function giveEach(client: Client) {
  return async ({ rows }: { rows: readonly { statement: string }[] }) => {
    for (const { statement } of rows) await client.query(statement)
  }
}

async function connected<T>(url: string, use: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2000 })
  client.on('error', () => {})
  try {
    await client.connect()
    return await use(client)
  } finally {
    await client.end().catch(() => {})
  }
}
