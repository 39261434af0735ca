/**
 * What a program needs of its surroundings, whatever it is: where programs, temporary files and certificates
 * are, language and time zone, the settings of Node and of a Postgres client. Nothing of it belongs to
 * Botyard or to a bot.
 */
const systemVariables =
  /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|LANGUAGE|LC_\w+|TZ|TMPDIR|TMP|TEMP|SystemRoot|COMSPEC|LD_LIBRARY_PATH|NODE_\w+|UV_\w+|SSL_CERT_(FILE|DIR)|OPENSSL_CONF|PG\w+)$/i

/** The part of an environment that every program may have. */
export function systemEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(([name, value]) => value && systemVariables.test(name)),
  )
}
