-- The role of the apps, and its database: it owns the tables and is no superuser. It may replicate, and switch
-- triggers off, as moves of users between shards do (docs/runbooks/move-a-shard.md).
\set password `cat /run/secrets/postgres_apps_password`
CREATE ROLE botyard LOGIN REPLICATION PASSWORD :'password';
GRANT SET ON PARAMETER session_replication_role TO botyard;
GRANT pg_create_subscription TO botyard;
CREATE DATABASE botyard OWNER botyard;
