// Builds the console before it is asked for: when an image is made, or while the servers of `npm start` come up.

import { operationsOf } from '../http/operations.ts'
import { declaredRoutes } from '../routes/all.ts'
import { bundleConsole } from './bundle.ts'

await bundleConsole(operationsOf(declaredRoutes()))
