// Bluesky on loopback: the personal data server, and with a database at hand the AppView and all that belongs to it, as
// Bluesky's own developers start them; in front of the firehose a Jetstream. Prints one line of JSON when it is ready.
//
// Usage: node network.mjs [POSTGRES_URL REDIS_HOST:PORT]
// Without the two there is only the data server: it starts within a second and serves repositories, blobs and the
// firehose, but answers `app.bsky.*` with 502.

import { AtpAgent } from '@atproto/api'
import { TestNetwork, TestNetworkNoAppView } from '@atproto/dev-env'

import { serveJetstream } from './jetstream.mjs'

const PEOPLE = [
  { name: 'clinic', displayName: 'Clinic at the Lake' },
  { name: 'patient', displayName: 'Pat Example' },
  { name: 'stranger', displayName: 'Sam Example' },
]

const [postgres, redis] = process.argv.slice(2)
const network = await (postgres ? full(postgres, redis) : dataServerOnly())
const jetstream = await serveJetstream(network.pds)
const accounts = {}
for (const person of PEOPLE) accounts[person.name] = await account(network.pds.url, person)
// Only now does the AppView know them; before, it says "Profile not found".
if (network.bsky) await network.processAll()

const services = { pds: network.pds.url, plc: network.plc.url, appview: network.bsky?.url, jetstream }
console.log(JSON.stringify({ ready: true, ...services, accounts }))

function full(dbPostgresUrl, redisHost) {
  process.env.REDIS_HOST = redisHost
  return TestNetwork.create({ dbPostgresUrl, dbPostgresSchema: 'bedside', pds: { enableDidDocWithSession: true } })
}

function dataServerOnly() {
  return TestNetworkNoAppView.create({ pds: { enableDidDocWithSession: true } })
}

async function account(service, { name, displayName }) {
  const agent = new AtpAgent({ service })
  const [handle, password] = [`${name}.test`, `${name}-of-the-tests`]
  await agent.createAccount({ handle, email: `${name}@example.org`, password })
  await agent.com.atproto.repo.putRecord({
    repo: agent.assertDid,
    collection: 'app.bsky.actor.profile',
    rkey: 'self',
    record: { $type: 'app.bsky.actor.profile', displayName },
  })
  const { data } = await agent.com.atproto.server.createAppPassword({ name: 'bedside' })
  return { did: agent.assertDid, handle, password, app_password: data.password }
}
