// Prints how this process is connected to the control database of DATABASE_URL.
import { howConnected } from './how-connected.ts'

console.log(await howConnected(process.env.DATABASE_URL!))
