const crypto = require('crypto'), fs = require('fs'), zlib = require('zlib');
const { Worker } = require('worker_threads');

async function main() {
	const text = await fs.promises.readFile(__filename, 'utf8');
	const size = zlib.gunzipSync(zlib.gzipSync(text)).length;
	const { answer } = await import('./answer.mjs');
	const w = new Worker('require("worker_threads").parentPort.postMessage(1)', { eval: true });
	const n = await new Promise(done => w.on('message', done));
	await new Promise(done => setTimeout(done, 10));
	console.log(size === text.length, answer, n, crypto.createHash('sha256').update('').digest('hex').slice(0, 8));
}
main();
