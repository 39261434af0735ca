import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startPostgres } from '@botyard/testkit'
import { Client } from 'pg'
import { prepareDatabase } from '../../src/databases/prepare-database.ts'

test('what an older version made as superuser belongs to the role of the apps after a start, and again after the next', async t => {
  const server = await startPostgres()
  t.after(() => server.stop())
  const adminUrl = server.url.replace(/[^/]+$/, 'postgres')
  const ownUrl = server.url.replace(/[^/]+$/, 'shard_1')
  const as = (user: string) => ownUrl.replace('postgres@', `${user}:secret@`)
  await run(adminUrl, 'create database shard_1')
  await run(
    ownUrl,
    `create table notes (user_key bigint primary key, n serial);
     create sequence numbers;
     create view seen as select * from notes;
     create schema other; create table other.pages (id int);
     create extension citext;
     create function twice(n int) returns int language sql as 'select 2 * n'`,
  )
  const options = { adminUrl, ownUrl, database: 'shard_1', password: 'secret', replicates: true }

  await prepareDatabase(options)
  await prepareDatabase(options)

  await run(
    as('botyard_app'),
    `alter table notes add column text text;
     alter sequence numbers restart; drop view seen; drop function twice;
     drop table other.pages; drop schema other; create table more (id int);
     create publication moved for table notes`,
  )
  await assert.rejects(run(as('botyard_app'), 'create role another'), /permission denied/)
})

async function run(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
