"""Training steps of a Llama or Qwen2 decoder in PyTorch's eager mode, for bench/compare's `train`.

It reads a job (see TrainingJob.cs), then takes orders from standard input: a line with a number asks for that
many steps, and is answered with a line of JSON. The model is written against PyTorch alone, in the usual way:
one module a layer, attention as matmul, softmax, matmul, and torch.optim.AdamW.
"""
import json
import os
import struct
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

TYPES = {"F32": torch.float32, "BF16": torch.bfloat16, "F16": torch.float16}


def read_safetensors(path):
    """Name to float32 tensor. The format: a length, a JSON header, the bytes."""
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        start = file.tell()
        tensors = {}
        for name, entry in header.items():
            if name == "__metadata__":
                continue
            first, last = entry["data_offsets"]
            file.seek(start + first)
            flat = torch.frombuffer(bytearray(file.read(last - first)), dtype=TYPES[entry["dtype"]])
            tensors[name] = flat.reshape(entry["shape"]).to(torch.float32, copy=True)
        return tensors


class Linear(nn.Module):
    """A linear layer, with a low-rank update where one is attached (Hu et al. 2021, arXiv 2106.09685)."""

    def __init__(self, inputs, outputs, bias):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(outputs, inputs))
        self.bias = nn.Parameter(torch.empty(outputs)) if bias else None
        self.lora_A = self.lora_B = None
        self.scale = 0.0

    def attach(self, a, b, scale):
        self.lora_A, self.lora_B, self.scale = nn.Parameter(a), nn.Parameter(b), scale

    def forward(self, x):
        y = F.linear(x, self.weight, self.bias)
        return y if self.lora_A is None else y + self.scale * F.linear(F.linear(x, self.lora_A), self.lora_B)


class RmsNorm(nn.Module):
    def __init__(self, size, epsilon):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(size))
        self.epsilon = epsilon

    def forward(self, x):
        return x * torch.rsqrt(x.float().pow(2).mean(-1, keepdim=True) + self.epsilon) * self.weight


def rotate(x, cos, sin):
    first, second = x.chunk(2, dim=-1)
    return x * cos + torch.cat((-second, first), dim=-1) * sin


class Attention(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.heads, self.key_heads, self.size = c["num_attention_heads"], c["num_key_value_heads"], c["head_dim"]
        bias = c["model_type"] == "qwen2" or c.get("attention_bias", False)
        self.q_proj = Linear(c["hidden_size"], self.heads * self.size, bias)
        self.k_proj = Linear(c["hidden_size"], self.key_heads * self.size, bias)
        self.v_proj = Linear(c["hidden_size"], self.key_heads * self.size, bias)
        self.o_proj = Linear(self.heads * self.size, c["hidden_size"], False)

    def forward(self, x, cos, sin, mask):
        b, t, _ = x.shape
        q = rotate(self.q_proj(x).view(b, t, self.heads, self.size).transpose(1, 2), cos, sin)  # (B, Hq, T, D)
        k = rotate(self.k_proj(x).view(b, t, self.key_heads, self.size).transpose(1, 2), cos, sin)
        v = self.v_proj(x).view(b, t, self.key_heads, self.size).transpose(1, 2)
        group = self.heads // self.key_heads
        k, v = k.repeat_interleave(group, 1), v.repeat_interleave(group, 1)
        scores = torch.matmul(q, k.transpose(2, 3)) / self.size**0.5 + mask  # (B, Hq, T, T)
        y = torch.matmul(F.softmax(scores, dim=-1, dtype=torch.float32).to(v.dtype), v)
        return self.o_proj(y.transpose(1, 2).reshape(b, t, self.heads * self.size))


class Mlp(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.gate_proj = Linear(c["hidden_size"], c["intermediate_size"], False)
        self.up_proj = Linear(c["hidden_size"], c["intermediate_size"], False)
        self.down_proj = Linear(c["intermediate_size"], c["hidden_size"], False)

    def forward(self, x):
        return self.down_proj(F.silu(self.gate_proj(x)) * self.up_proj(x))


class Layer(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.input_layernorm = RmsNorm(c["hidden_size"], c["rms_norm_eps"])
        self.self_attn = Attention(c)
        self.post_attention_layernorm = RmsNorm(c["hidden_size"], c["rms_norm_eps"])
        self.mlp = Mlp(c)

    def forward(self, x, cos, sin, mask):
        x = x + self.self_attn(self.input_layernorm(x), cos, sin, mask)
        return x + self.mlp(self.post_attention_layernorm(x))


class Model(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.embed_tokens = nn.Embedding(c["vocab_size"], c["hidden_size"])
        self.layers = nn.ModuleList([Layer(c) for _ in range(c["num_hidden_layers"])])
        self.norm = RmsNorm(c["hidden_size"], c["rms_norm_eps"])
        self.theta, self.size = c["rope_theta"], c["head_dim"]

    def prepare(self, length):
        """What does not change from step to step."""
        angles = torch.outer(torch.arange(length).float(), self.theta ** -(torch.arange(0, self.size, 2).float() / self.size))
        angles = torch.cat((angles, angles), dim=-1)
        self.cos, self.sin = angles.cos(), angles.sin()
        self.mask = torch.full((length, length), float("-inf")).triu(1)

    def forward(self, ids):
        x = self.embed_tokens(ids)
        for layer in self.layers:
            x = layer(x, self.cos, self.sin, self.mask)
        return F.linear(self.norm(x), self.embed_tokens.weight)  # tied


def load(job):
    with open(os.path.join(job["folder"], "config.json"), encoding="utf-8") as file:
        config = json.load(file)
    if not config["tie_word_embeddings"]:
        sys.exit("Only models with tied embeddings are compared.")
    with torch.no_grad():
        model = Model(config)
        weights = read_safetensors(os.path.join(job["folder"], "model.safetensors"))
        for name, parameter in model.named_parameters():
            parameter.copy_(weights.pop("model." + name))
        if weights:
            sys.exit(f"The model has no place for {', '.join(weights)}.")
    if job["adapter"]:
        for parameter in model.parameters():
            parameter.requires_grad_(False)
        with open(os.path.join(job["adapter"], "adapter_config.json"), encoding="utf-8") as file:
            lora = json.load(file)
        tensors = read_safetensors(os.path.join(job["adapter"], "adapter_model.safetensors"))
        for name, module in model.named_modules():
            key = f"base_model.model.model.{name}.lora_"
            if key + "A.weight" in tensors:
                module.attach(tensors[key + "A.weight"], tensors[key + "B.weight"], lora["lora_alpha"] / lora["r"])
    return model


def peak_bytes():
    with open("/proc/self/status", encoding="ascii") as file:
        return next(int(line.split()[1]) * 1024 for line in file if line.startswith("VmHWM:"))


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        job = json.load(file)
    torch.set_num_threads(job["threads"])
    model = load(job)
    model.prepare(len(job["rows"][0]))
    trained = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=job["rate"], betas=(0.9, 0.95), eps=1e-8, weight_decay=0.1)
    rows = torch.tensor(job["rows"])
    targets = F.pad(rows[:, 1:], (0, 1), value=-100)  # the last position of a row has none
    at_once, micro_batches = job["rowsAtOnce"], job["microBatches"]
    taken = 0

    def step():
        nonlocal taken
        sum_of_losses = 0.0
        for _ in range(micro_batches):
            batch = [(taken * at_once + i) % len(rows) for i in range(at_once)]
            taken += 1
            with torch.autocast("cpu", dtype=torch.bfloat16, enabled=job["autocast"]):
                logits = model(rows[batch])
            loss = F.cross_entropy(logits.view(-1, logits.shape[-1]).float(), targets[batch].view(-1)) / micro_batches
            loss.backward()
            sum_of_losses += loss.item()
        norm = torch.nn.utils.clip_grad_norm_(trained, 1.0).item()
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        return sum_of_losses, norm

    print(json.dumps({"name": f"PyTorch {torch.__version__}"}), flush=True)
    for line in sys.stdin:
        steps = []
        for _ in range(int(line)):
            start = time.perf_counter()
            loss, norm = step()
            steps.append({"seconds": time.perf_counter() - start, "loss": loss, "norm": norm})
        print(json.dumps({"steps": steps, "peakBytes": peak_bytes()}), flush=True)


main()
