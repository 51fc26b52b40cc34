// A Jetstream over the firehose of one data server: the wire format of https://github.com/bluesky-social/jetstream,
// without compression. Everything since the start is kept, so that any cursor can be answered.

import { createServer } from 'node:http'

import { lexToJson } from '@atproto/lex-json'
import { Firehose } from '@atproto/sync'
import { WebSocketServer } from 'ws'

/** Serves the events of this data server on a free port; returns the address to subscribe at. */
export async function serveJetstream(pds) {
  const log = []
  const subscribers = new Set()
  follow(pds, (event) => {
    // A cursor is a time: no two events may share one.
    const time_us = Math.max(Date.now() * 1000, (log.at(-1)?.time_us ?? 0) + 1)
    const stamped = { did: event.did, time_us, ...event }
    log.push(stamped)
    for (const subscriber of subscribers) subscriber.offer(stamped)
  })

  const server = createServer((_, answer) => answer.writeHead(426).end('Jetstream speaks WebSocket at /subscribe\n'))
  const sockets = new WebSocketServer({ server, path: '/subscribe' })
  sockets.on('connection', (socket, request) => {
    const query = new URL(request.url, 'ws://127.0.0.1').searchParams
    if (query.get('compress') === 'true') return socket.close(1003, 'compression is not offered here')
    const subscriber = new Subscriber(socket, log, query)
    subscribers.add(subscriber)
    socket.on('close', () => subscribers.delete(subscriber))
  })
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening))
  return `ws://127.0.0.1:${server.address().port}/subscribe`
}

/** One connection, and what it wants. */
class Subscriber {
  #socket
  #log
  #cursor
  #live = false
  #collections
  #dids

  constructor(socket, log, query) {
    this.#socket = socket
    this.#log = log
    this.#cursor = query.has('cursor') ? Number(query.get('cursor')) : Infinity
    this.#want(query.getAll('wantedCollections'), query.getAll('wantedDids'))
    socket.on('message', (frame) => this.#hear(frame.toString()))
    if (query.get('requireHello') !== 'true') this.#begin()
  }

  /** Sends an event, if it is wanted and the replay has come so far. */
  offer(event) {
    if (this.#live && this.#wants(event)) this.#socket.send(JSON.stringify(event))
  }

  #begin() {
    if (this.#live) return
    // Nothing can be logged between these two: there is one thread.
    this.#live = true
    for (const event of this.#log) if (event.time_us >= this.#cursor) this.offer(event)
  }

  #hear(text) {
    let message
    try {
      message = JSON.parse(text)
    } catch {
      return this.#socket.close(1007, 'not JSON')
    }
    if (message.type !== 'options_update') return
    this.#want(message.payload?.wantedCollections ?? [], message.payload?.wantedDids ?? [])
    this.#begin()
  }

  #want(collections, dids) {
    this.#collections = collections
    this.#dids = new Set(dids)
  }

  /** Accounts and identities are told to everybody who did not ask for certain people; collections only concern commits. */
  #wants(event) {
    if (this.#dids.size > 0 && !this.#dids.has(event.did)) return false
    if (event.kind !== 'commit' || this.#collections.length === 0) return true
    const { collection } = event.commit
    return this.#collections.some((wanted) =>
      wanted.endsWith('.*') ? collection.startsWith(wanted.slice(0, -1)) : collection === wanted,
    )
  }
}

function follow(pds, tell) {
  let cursor = 0
  const firehose = new Firehose({
    service: pds.url.replace(/^http/, 'ws'),
    idResolver: pds.ctx.idResolver,
    getCursor: () => cursor,
    // It is our own server on loopback: whether it signs rightly is not what is tested.
    unauthenticatedCommits: true,
    onError: (problem) => console.error('firehose:', problem.message, problem.cause),
    handleEvent: (event) => {
      cursor = event.seq
      const told = inJetstreamsWords(event)
      if (told) tell(told)
    },
  })
  firehose.start()
}

/** What Jetstream makes of an event of the firehose; nothing of a `sync`. */
function inJetstreamsWords({ event, did, seq, time, ...rest }) {
  switch (event) {
    case 'create':
    case 'update': {
      const { rev, collection, rkey, record, cid } = rest
      const commit = { rev, operation: event, collection, rkey, record: lexToJson(record), cid: cid.toString() }
      return { did, kind: 'commit', commit }
    }
    case 'delete': {
      const { rev, collection, rkey } = rest
      return { did, kind: 'commit', commit: { rev, operation: 'delete', collection, rkey } }
    }
    case 'identity':
      return { did, kind: 'identity', identity: { did, handle: rest.handle, seq, time } }
    case 'account':
      return { did, kind: 'account', account: { active: rest.active, did, status: rest.status, seq, time } }
    default:
      return undefined
  }
}
