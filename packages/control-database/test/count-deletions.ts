import { type Kysely, sql } from 'kysely'

/**
 * Counts from now on how many rows each statement deletes from a table, also one that a foreign key runs;
 * answers how to read the counts.
 */
// biome-ignore lint/suspicious/noExplicitAny: any database, whatever its tables.
export async function countDeletions(db: Kysely<any>, table: string): Promise<() => Promise<number[]>> {
  await sql`create table deletions (n int)`.execute(db)
  await sql`create function note_deletion() returns trigger language plpgsql as $$ begin
    insert into deletions select count(*) from gone;
    return null;
  end $$`.execute(db)
  await sql`create trigger note_deletion after delete on ${sql.id(table)} referencing old table as gone
    for each statement execute function note_deletion()`.execute(db)
  return async () => (await sql<{ n: number }>`select n from deletions`.execute(db)).rows.map(row => row.n)
}
