/** Units, as Grafana calls them. */
export type PromUnit = 's' | 'bytes' | 'short' | 'percentunit' | 'reqps' | 'bool'
